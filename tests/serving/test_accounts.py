"""Coming in: the first start, passwords, sign-ins, tokens, roles."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from stillon.serving import accounts
from stillon.serving.refusing import InTheWay, NotAllowed, WrongUse
from stillon.serving.throttle import MOST_FAILURES, WINDOW
from stillon.storing import accounts as kept

PASSWORD = "correct horse battery"


def _set_up(site: Any, **fields: str) -> Any:
    visitor = site.visitor()
    form = site.form(visitor, "/setup")
    given = {"code": site.desk.setup_code, "name": "Kim Berg", "password": PASSWORD, "csrf": form, **fields}
    return visitor, visitor.post("/setup", data=given)


def test_the_first_start_makes_one_editor_for_whoever_has_the_code(site: Any) -> None:
    assert _set_up(site, code="guess")[1].status_code == 403
    visitor, answer = _set_up(site)
    assert answer.status_code == 303
    assert visitor.get("/account.json").json()["role"] == "editor"
    assert site.visitor().get("/setup").status_code == 404


def test_the_first_start_is_over_once_there_is_an_account(site: Any) -> None:
    visitor = site.visitor()
    form = site.form(visitor, "/setup")
    site.make("Lee Holt")
    given = {"code": site.desk.setup_code, "name": "Kim Berg", "password": PASSWORD, "csrf": form}
    assert visitor.post("/setup", data=given).status_code == 404


@pytest.mark.parametrize(("name", "password"), [("", PASSWORD), ("Kim", "short"), ("<b>Kim</b>", PASSWORD)])
def test_a_first_account_that_does_not_fit_is_not_made(site: Any, name: str, password: str) -> None:
    assert _set_up(site, name=name, password=password)[1].status_code == 400
    assert accounts.is_new(site.desk)


def test_a_password_is_kept_as_an_argon2id_hash_alone(lite_store: Any, clock: Any, monkeypatch: Any) -> None:
    from stillon.serving import Desk
    from stillon.settings import Settings

    desk = Desk(lite_store, settings=Settings(), now=clock, today=lambda: clock().date())
    accounts.make_account(desk, name="Kim Berg", password=PASSWORD, role="reader", now=clock())
    with lite_store.read() as snapshot:
        (account,) = kept.accounts(snapshot)
    assert account.secret.startswith("$argon2id$v=19$m=65536")
    assert PASSWORD not in account.secret


def test_neither_cookies_nor_tokens_stand_in_the_store(site: Any) -> None:
    visitor = site.make("Kim Berg")
    token = site.token("Kim Berg")
    with site.store.read() as snapshot:
        rows = [
            str(row)
            for name in ("session", "token", "account")
            for row in snapshot.connection.exec_driver_sql(f"SELECT * FROM {name}")
        ]
    for secret in (visitor.cookies["stillon_session"], token):
        assert not any(secret in row for row in rows)


def test_accounts_are_kept_on_either_database(store: Any, clock: Any, cheap_hashes: None) -> None:
    from stillon.serving import Desk
    from stillon.settings import Settings

    desk = Desk(store, settings=Settings(), now=clock, today=lambda: clock().date())
    accounts.make_account(desk, name="Kim Berg", password=PASSWORD, role="editor", now=clock())
    with pytest.raises(InTheWay):
        accounts.make_account(desk, name="Kim  Berg", password=PASSWORD, role="editor", now=clock())
    cookie = accounts.sign_in(desk, name="Kim Berg", password=PASSWORD, address="a", now=clock())
    assert accounts.who_asks(desk, cookie=cookie, authorization=None, now=clock()).may_edit
    token = accounts.make_token(desk, "Kim Berg", label="x", role="reader", may="editor", now=clock())
    caller = accounts.who_asks(desk, cookie=None, authorization=f"Bearer {token}", now=clock())
    assert (caller.name, caller.role) == ("Kim Berg", "reader")
    accounts.sign_out(desk, cookie)
    assert accounts.who_asks(desk, cookie=cookie, authorization=None, now=clock()).name is None


def test_a_wrong_password_and_a_wrong_name_are_told_alike(site: Any) -> None:
    site.make("Kim Berg")
    told = []
    for name, password in (("Kim Berg", "wrong horse battery"), ("Nobody", PASSWORD)):
        visitor = site.visitor()
        answer = visitor.post(
            "/sign-in", data={"name": name, "password": password, "csrf": site.form(visitor, "/sign-in")}
        )
        told.append((answer.status_code, answer.text.replace(site.form(visitor, "/sign-in"), "")))
    assert told[0] == told[1]
    assert told[0][0] == 403


def test_whoever_guesses_must_wait(site: Any) -> None:
    site.make("Kim Berg")
    now = site.clock()
    for _ in range(MOST_FAILURES):
        with pytest.raises(NotAllowed):
            accounts.sign_in(site.desk, name="Kim Berg", password="wrong horse", address="a", now=now)
    visitor = site.visitor()
    given = {"name": "Kim Berg", "password": PASSWORD, "csrf": site.form(visitor, "/sign-in")}
    assert visitor.post("/sign-in", data=given).status_code == 429
    later = now + WINDOW + timedelta(seconds=1)
    assert accounts.sign_in(site.desk, name="Kim Berg", password=PASSWORD, address="a", now=later)


def test_a_sign_in_ends_by_itself_and_by_signing_out(site: Any) -> None:
    visitor = site.make("Kim Berg")
    assert visitor.get("/account.json").status_code == 200
    assert site.post(visitor, "/sign-out").status_code == 303
    assert visitor.get("/account.json").status_code == 401
    visitor = site.visitor()
    form = site.form(visitor, "/sign-in")
    visitor.post("/sign-in", data={"name": "Kim Berg", "password": PASSWORD, "csrf": form})
    site.clock.at += accounts.SESSION_LASTS
    assert visitor.get("/account.json").status_code == 401


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(site: Any) -> None:
    visitor = site.visitor()
    accounts.make_account(site.desk, name="Kim Berg", password=PASSWORD, role="reader", now=site.clock())
    form = site.form(visitor, "/sign-in")
    answer = visitor.post("/sign-in", data={"name": "Kim Berg", "password": PASSWORD, "csrf": form})
    (cookie,) = [each for each in answer.headers.get_list("set-cookie") if each.startswith("stillon_session=")]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie


def test_a_new_password_ends_the_other_sign_ins(site: Any) -> None:
    here, there = site.make("Kim Berg"), site.visitor()
    form = site.form(there, "/sign-in")
    there.post("/sign-in", data={"name": "Kim Berg", "password": PASSWORD, "csrf": form})
    assert site.post(here, "/account/password", old="wrong horse battery", new="another horse").status_code == 403
    assert site.post(here, "/account/password", old=PASSWORD, new="another horse").status_code == 303
    assert here.get("/account.json").status_code == 200
    assert there.get("/account.json").status_code == 401


def test_a_token_is_told_once_and_holds_until_it_is_revoked(site: Any) -> None:
    visitor = site.make("Kim Berg")
    page = site.post(visitor, "/account/tokens", label="the wall screen", role="reader")
    token = page.text.split("<code>stillon_", 1)[1].split("<", 1)[0]
    headers = {"authorization": f"Bearer stillon_{token}"}
    assert token not in visitor.get("/account").text
    assert site.visitor().get("/board.json", headers=headers).status_code == 200
    (made,) = visitor.get("/account.json").json()["tokens"]
    assert site.post(visitor, f"/account/tokens/{made['id']}/revoke").status_code == 303
    assert site.visitor().get("/board.json", headers=headers).status_code == 401
    assert site.post(visitor, f"/account/tokens/{made['id']}/revoke").status_code == 404


def test_a_reader_makes_no_editors_token(site: Any) -> None:
    reader = site.make("Rea Der", "reader")
    assert site.post(reader, "/account/tokens", label="more", role="editor").status_code == 403


def test_an_editor_makes_changes_and_closes_accounts(site: Any) -> None:
    editor = site.make("Kim Berg")
    made = site.post(editor, "/accounts", name="Lee Holt", password=PASSWORD, role="reader")
    assert made.status_code == 303
    reader = site.visitor()
    form = site.form(reader, "/sign-in")
    reader.post("/sign-in", data={"name": "Lee Holt", "password": PASSWORD, "csrf": form})
    assert reader.get("/accounts").status_code == 403
    assert site.post(editor, "/accounts/Lee Holt", role="reader", state="closed").status_code == 303
    assert reader.get("/account.json").status_code == 401
    assert site.post(editor, "/accounts/Nobody", role="reader").status_code == 404


def test_the_last_editor_stays(site: Any) -> None:
    editor = site.make("Kim Berg")
    for fields in ({"role": "reader"}, {"state": "closed"}):
        assert site.post(editor, "/accounts/Kim Berg", **fields).status_code == 409


def test_an_odd_role_is_refused(site: Any) -> None:
    with pytest.raises(WrongUse):
        accounts.make_account(site.desk, name="Kim Berg", password=PASSWORD, role="owner", now=site.clock())


def test_reading_may_be_closed(closed_site: Any) -> None:
    answer = closed_site.client.get("/events/x?as_of=2031-03-01")
    assert (answer.status_code, answer.headers["location"]) == (
        303,
        "/sign-in?next=/events/x%3Fas_of%3D2031-03-01",
    )
    assert closed_site.client.get("/board.json").status_code == 401
    assert closed_site.make("Rea Der", "reader").get("/board.json").status_code == 200
    token = closed_site.token("Rea Der", "reader")
    assert closed_site.client.get("/board.json", headers={"authorization": f"Bearer {token}"}).status_code == 200
