"""The pages about coming in: signing in, the first start, one's own account, everybody's accounts."""

from __future__ import annotations

from stillon.serving import accounts
from stillon.serving.desk import ROLES, Asked, Data, Shown
from stillon.serving.refusing import NotHere
from stillon.storing import accounts as kept


def sign_in(asked: Asked) -> Shown:
    """The form to sign in."""
    return Shown(
        template="sign_in.html",
        title="Sign in",
        values={"next": asked.request.query_params.get("next", ""), "is_new": accounts.is_new(asked.desk)},
        data=lambda: {"name": asked.caller.name},
    )


def set_up(asked: Asked) -> Shown:
    """The form that makes the first editor. Raises NotHere once there is an account."""
    if not accounts.is_new(asked.desk):
        raise NotHere("The first account is made already: sign in.")
    return Shown(
        template="setup.html",
        title="Make the first account",
        values={"code": asked.request.query_params.get("code", "")},
        data=lambda: {"name": None},
    )


def own_account(asked: Asked) -> Shown:
    """One's own account: password and tokens."""
    name = asked.caller.name or ""
    with asked.desk.store.read() as snapshot:
        tokens = kept.tokens(snapshot, of=name)

    def data() -> Data:
        return {
            "name": name,
            "role": asked.caller.role,
            "tokens": [
                {"id": each.id, "label": each.label, "role": each.role, "holds": each.revoked_at is None}
                for each in tokens
            ],
        }

    return Shown(
        template="account.html",
        title="Your account",
        values={"tokens": tokens, "roles": ROLES, "token": None},
        data=data,
    )


def every_account(asked: Asked) -> Shown:
    """Everybody's accounts."""
    with asked.desk.store.read() as snapshot:
        found = kept.accounts(snapshot)
    return Shown(
        template="accounts.html",
        title="Accounts",
        values={"accounts": found, "roles": ROLES},
        data=lambda: {
            "accounts": [{"name": each.name, "role": each.role, "open": each.closed_at is None} for each in found]
        },
    )
