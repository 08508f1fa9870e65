"""What the account library asks of the house: how secrets are kept, who may come in by the ministry's sign-in."""

from __future__ import annotations

from typing import Any

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from django.conf import settings
from django.http import HttpRequest

from dekon.lib.sealed import seal, unseal
from dekon.org.selectors.sign_in import own_account, user_by_name, user_by_sso
from dekon.scope import become
from dekon.web.session import entering

ROW = "mfa_authenticator"
"""What sealed secrets belong to; the library does not say which row."""


class FactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # the library carries no types
    """Keys of apps and seeds of recovery codes lie encrypted in the database."""

    def encrypt(self, text: str) -> str:
        return seal(text, ROW, settings.FIELD_KEYS)

    def decrypt(self, encrypted_text: str) -> str:
        return unseal(encrypted_text, ROW, settings.FIELD_KEYS)

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        entity: dict[str, str] = super().get_public_key_credential_rp_entity()
        return {**entity, "name": "Dekon"}


class SsoAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]  # the library carries no types
    """Whoever the ministry's sign-in vouches for comes in by an account that is there already; it opens none."""

    def new_user(self, request: HttpRequest, sociallogin: SocialLogin) -> Any:  # noqa: ANN401  as the library declares it
        """Called before the library looks whom it knows: from here on that person's own things can be seen."""
        known = user_by_sso(sociallogin.account.provider, sociallogin.account.uid)
        become(str(known.pk) if known else "")
        return super().new_user(request, sociallogin)

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        vouched = sociallogin.user if sociallogin.is_existing else self._vouched_for(sociallogin)
        user = own_account(vouched.pk) if vouched is not None else None
        if user is not None:
            sociallogin.user = sociallogin.account.user = user
            sociallogin.account.extra_data = {}  # nothing of what the provider tells is kept but its own name
            sociallogin.account.save()
        else:
            become("")
        raise ImmediateHttpResponse(entering.enter(request, user, "sso") if user else entering.unknown_sso(request))

    def _vouched_for(self, sociallogin: SocialLogin) -> Any:  # noqa: ANN401  an account or nothing
        """The open account with a mail address that the provider has verified."""
        verified = [one.email for one in sociallogin.email_addresses if one.verified]
        found = user_by_name(verified[0]) if verified else None
        return found if found is not None and found.is_active and not found.is_demo else None

    def on_authentication_error(self, request: HttpRequest, provider: Any, **facts: Any) -> None:  # noqa: ANN401  as the library declares it
        raise ImmediateHttpResponse(entering.failed_sso(request))

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        return False
