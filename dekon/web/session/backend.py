"""How a session finds its person: row-level security shows an account to nobody but its owner."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.auth.backends import ModelBackend

from dekon.scope import become

if TYPE_CHECKING:
    from django.http import HttpRequest

    from dekon.org.models import User


class OwnAccountBackend(ModelBackend):
    """The person whom the session names is who asks, until `ScopeMiddleware` says so or says that it is nobody."""

    def get_user(self, user_id: Any) -> User | None:  # noqa: ANN401  as Django declares it
        become(str(user_id))
        return super().get_user(user_id)

    def authenticate(self, request: HttpRequest | None, *_args: Any, **_kwargs: Any) -> None:  # noqa: ANN401  as Django declares it
        """Passwords are tried by `org.services.try_password` alone."""
