FROM python:3.13-slim AS packages
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
COPY requirements.lock .
RUN python -m venv /venv && /venv/bin/pip install --require-hashes -r requirements.lock

FROM python:3.13-slim
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 DJANGO_SETTINGS_MODULE=clioxero.settings
RUN useradd --create-home --uid 10001 clioxero
COPY --from=packages /venv /venv
WORKDIR /app
COPY . .
# Collecting the pages' files needs settings that load; these values stay in this one step.
RUN SECRET_KEY=build ALLOWED_HOSTS=build BASE_URL=https://build \
    TOKEN_KEYS="$(python -c 'from cryptography.fernet import Fernet; print(Fernet.generate_key().decode())')" \
    CLIO_CLIENT_ID=build CLIO_CLIENT_SECRET=build XERO_CLIENT_ID=build XERO_CLIENT_SECRET=build \
    python manage.py collectstatic --no-input
USER clioxero
EXPOSE 8000
# --preload: a faulty environment ends the container with one line. No access log: addresses carry OAuth codes.
CMD ["gunicorn", "clioxero.wsgi", "--preload", "--no-control-socket", "--bind=0.0.0.0:8000", "--worker-class=gthread", "--workers=2", "--threads=8"]
