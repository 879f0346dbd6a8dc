"""Clio's OAuth (C §1): code grant, secret in the form, refresh tokens that do not rotate."""

from dataclasses import dataclass, field
from datetime import datetime

from syncengine.transport.oauth import HEADERS, TokenSet, ask_for_tokens, call_with_token, consent_url, session
from syncengine.transport.session import TIMEOUT


@dataclass(frozen=True, slots=True)
class ClioOAuth:
    """One application at one of Clio's regions."""

    base_url: str
    client_id: str
    client_secret: str = field(repr=False)

    def authorize_url(self, *, state: str, redirect_uri: str) -> str:
        """Where to send the admin. A refusal comes back to us (C 1.4). Clio has no scopes (C 1.5)."""
        flow = session("clio", self.client_id, redirect_uri=redirect_uri)
        return consent_url("clio", flow, f"{self.base_url}/oauth/authorize", state=state, redirect_on_decline="true")

    def fetch_token(self, *, code: str, redirect_uri: str, now: datetime) -> TokenSet:
        """Exchange a code. Raises InvalidGrant, OAuthProblem, ServerTrouble, Unreachable."""
        url = f"{self.base_url}/oauth/token"
        flow = session("clio", self.client_id, redirect_uri=redirect_uri)
        return ask_for_tokens(
            "clio",
            url,
            lambda: flow.fetch_token(
                url,
                code=code,
                client_secret=self.client_secret,
                include_client_id=True,
                headers=HEADERS,
                timeout=TIMEOUT,
            ),
            now=now,
        )

    def refresh(self, *, refresh_token: str, now: datetime) -> TokenSet:
        """Renew. Keeps the refresh token that we have unless a new one comes (C 1.11). Raises as `fetch_token` does."""
        url = f"{self.base_url}/oauth/token"
        flow = session("clio", self.client_id)
        fresh = ask_for_tokens(
            "clio",
            url,
            lambda: flow.refresh_token(
                url,
                refresh_token=refresh_token,
                client_id=self.client_id,
                client_secret=self.client_secret,
                headers=HEADERS,
                timeout=TIMEOUT,
            ),
            now=now,
        )
        return TokenSet(fresh.access_token, fresh.refresh_token or refresh_token, fresh.expires_at, fresh.scope)

    def deauthorize(self, *, access_token: str) -> bool:
        """Tell Clio that the consent is over. Gives whether Clio took note. Raises Unreachable."""
        url = f"{self.base_url}/oauth/deauthorize"
        return call_with_token("clio", "POST", url, access_token=access_token, form={"token": access_token}).ok
