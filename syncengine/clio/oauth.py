"""Clio's OAuth (C §1): code grant, secret in the form, refresh tokens that do not rotate."""

from dataclasses import dataclass
from datetime import datetime

import requests

from syncengine.transport.errors import Unreachable
from syncengine.transport.oauth import TokenSet, ask_for_tokens, session
from syncengine.transport.session import TIMEOUT, USER_AGENT


@dataclass(frozen=True, slots=True)
class ClioOAuth:
    """One application at one of Clio's regions."""

    base_url: str
    client_id: str
    client_secret: str

    def authorize_url(self, *, state: str, redirect_uri: str) -> str:
        """Where to send the admin. A refusal comes back to us (C 1.4)."""
        url, _ = session(self.client_id, redirect_uri=redirect_uri).authorization_url(
            f"{self.base_url}/oauth/authorize", state=state, redirect_on_decline="true"
        )
        return str(url)

    def fetch_token(self, *, code: str, redirect_uri: str, now: datetime) -> TokenSet:
        """Exchange a code. Raises InvalidGrant, OAuthProblem, Unreachable."""
        url = f"{self.base_url}/oauth/token"
        flow = session(self.client_id, redirect_uri=redirect_uri)
        return ask_for_tokens(
            "clio",
            url,
            lambda: flow.fetch_token(
                url,
                code=code,
                client_secret=self.client_secret,
                include_client_id=True,
                headers=_headers(),
                timeout=TIMEOUT[1],
            ),
            now=now,
        )

    def refresh(self, *, refresh_token: str, now: datetime) -> TokenSet:
        """Renew. Keeps the refresh token that we have unless a new one comes (C 1.11)."""
        url = f"{self.base_url}/oauth/token"
        flow = session(self.client_id)
        fresh = ask_for_tokens(
            "clio",
            url,
            lambda: flow.refresh_token(
                url,
                refresh_token=refresh_token,
                client_id=self.client_id,
                client_secret=self.client_secret,
                headers=_headers(),
                timeout=TIMEOUT[1],
            ),
            now=now,
        )
        return TokenSet(fresh.access_token, fresh.refresh_token or refresh_token, fresh.expires_at, fresh.scope)

    def deauthorize(self, *, access_token: str) -> bool:
        """Tell Clio that the consent is over. Gives whether Clio took note. Raises Unreachable."""
        try:
            answer = requests.post(
                f"{self.base_url}/oauth/deauthorize",
                data={"token": access_token},
                headers={**_headers(), "Authorization": f"Bearer {access_token}"},
                timeout=TIMEOUT,
            )
        except requests.exceptions.RequestException as error:
            raise Unreachable("clio") from error
        return answer.ok


def _headers() -> dict[str, str]:
    return {"User-Agent": USER_AGENT, "Accept": "application/json"}
