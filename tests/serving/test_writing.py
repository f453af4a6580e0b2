"""Nothing is written by whoever may not, and what an editor corrects is signed and can be taken back."""

from __future__ import annotations

from typing import Any

import pytest
from starlette.routing import Mount, Route

from stillon.keeping.paging import state_of
from stillon.serving.deeds import DEEDS, Deed
from stillon.serving.routes import PAGES
from stillon.storing import accounts as kept


def _routes(site: Any) -> list[tuple[str, str]]:
    """Every (method, path) of the app that is no plain reading."""
    found = []
    for route in site.app.routes:
        if isinstance(route, Mount):
            continue
        assert isinstance(route, Route)
        found += [(method, route.path) for method in route.methods or () if method not in ("GET", "HEAD")]
    return found


def _written(site: Any) -> Any:
    """Everything that a deed could change."""
    with site.store.read() as snapshot:
        found = kept.accounts(snapshot)
        return state_of(snapshot), found, [kept.tokens(snapshot, of=each.name) for each in found]


def _filled(deed: Deed) -> dict[str, Any]:
    """A body that would do."""
    values: dict[str, Any] = {
        "kind": "status", "about": ["x", "held"], "because": "so", "entry": "e", "event": "none", "name": "Kim Berg",
        "password": "correct horse battery", "code": "c", "old": "correct horse battery",
        "new": "another horse battery",
        "label": "l", "role": "reader",
    }  # fmt: skip
    schema = deed.schema.get("oneOf", [deed.schema])[0]
    return {name: values[name] for name in schema["required"]}


def test_every_route_that_writes_stands_in_the_table(site: Any) -> None:
    assert sorted(_routes(site)) == sorted(("POST", deed.path) for deed in DEEDS)


@pytest.mark.parametrize("deed", DEEDS, ids=lambda deed: deed.name)
def test_whoever_may_not_write_is_refused(site: Any, deed: Deed) -> None:
    """Nobody, a wrong token, a form without or with a wrong mark, one of another site, a reader."""
    site.add("The launch is scheduled, says Ada Lund.")
    editor, reader = site.make("Kim Berg"), site.make("Rea Der", "reader")
    token, readers = site.token("Kim Berg"), site.token("Rea Der", "reader")
    path = deed.path.replace("{id}", "abc").replace("{name}", "Kim Berg")
    body = _filled(deed)
    before = _written(site)
    nobody = site.visitor()
    tries = {
        "nobody, as a form": nobody.post(path, data=body),
        "nobody, as JSON": nobody.post(path, json=body),
        "a wrong token": nobody.post(path, json=body, headers={"authorization": "Bearer stillon_wrong"}),
        "no token in the header": nobody.post(path, json=body, headers={"authorization": "Basic a2ltOmtpbQ=="}),
        "an editor without the form's mark": editor.post(path, data=body),
        "an editor with a wrong mark": editor.post(path, data={**body, "csrf": "wrong"}),
        "an editor with a wrong mark, as JSON": editor.post(path, json={**body, "csrf": "wrong"}),
        "an editor's form of another site": editor.post(
            path,
            data={**body, "csrf": site.form(editor, "/account")},
            headers={"origin": "https://elsewhere.example"},
        ),
    }
    if deed.needs == "editor":
        tries["a reader"] = reader.post(path, data={**body, "csrf": site.form(reader, "/account")})
        tries["a reader's token"] = nobody.post(path, json=body, headers={"authorization": f"Bearer {readers}"})
    if not deed.by_token:
        tries["a token where a person is wanted"] = nobody.post(
            path, json=body, headers={"authorization": f"Bearer {token}"}
        )
    assert {name: answer.status_code for name, answer in tries.items() if answer.status_code not in (401, 403)} == {}
    assert _written(site) == before


def test_a_page_that_is_only_read_takes_no_form(site: Any) -> None:
    written = {deed.path for deed in DEEDS}
    for page in PAGES:
        if page.path not in written:
            assert site.client.post(page.path.replace("{id}", "x")).status_code == 405


def test_a_mark_of_another_session_is_refused(site: Any) -> None:
    site.add("The launch is scheduled, says Ada Lund.")
    one, other = site.make("Kim Berg"), site.make("Lee Holt")
    form = site.form(other, "/account")
    answer = one.post("/corrections", data={"csrf": form, "kind": "status", "because": "x"})
    assert answer.status_code == 403


def test_each_kind_of_correction_counts_is_signed_and_is_taken_back(site: Any) -> None:
    site.add("The launch is scheduled, says Ada Lund.")
    second = site.add("The launch is scheduled, says Ada Lund. Again.", published=site.make_report().published)
    editor = site.make("Kim Berg")
    id = site.event("launch")

    def answer() -> Any:
        (event,) = site.json(f"/events/{id}")["events"][:1]
        return event["status"], event["place"], event["when"], len(site.json(f"/events/{id}")["reports"])

    first = answer()
    for kind, fields, expected in (
        ("status", {"event": id, "status": "cancelled"}, "cancelled"),
        ("place", {"event": id, "place": "Quay 4"}, "Quay 4"),
        ("date", {"event": id, "first": "2031-05-02", "last": ""}, "2031-05-02"),
        ("split", {"event": id, "report": [second.id]}, 1),
    ):
        done = site.post(editor, "/corrections", kind=kind, because="they rang us", **fields)
        assert done.status_code == 303, done.text
        assert str(expected) in str(answer())
        made = site.json("/corrections")["corrections"][0]
        assert (made["by"], made["because"], made["counts"]) == ("Kim Berg", "they rang us", True)
        taken = site.post(editor, f"/corrections/{made['id']}/undo", because="no, they did not")
        assert taken.status_code == 303
        assert answer() == first
    done = site.post(editor, "/corrections", kind="withdraw", because="a hoax", report=second.id)
    assert done.status_code == 303
    assert answer()[3] == 1


def test_two_events_are_merged(site: Any) -> None:
    site.add("The launch is scheduled, says Ada Lund. The regatta is scheduled, says Ada Lund.")
    editor = site.make("Kim Berg")
    one, other = site.event("launch"), site.event("regatta")
    done = site.post(editor, "/corrections", kind="merge", event=one, other=other, because="one and the same")
    assert done.status_code == 303
    assert site.json("/board")["total"] == 1


def test_a_program_corrects_by_its_token(site: Any) -> None:
    site.add("The launch is scheduled, says Ada Lund.")
    site.make("Kim Berg")
    token = site.token("Kim Berg")
    body = {"kind": "status", "about": [site.event("launch"), "postponed"], "because": "they rang"}
    answer = site.visitor().post("/corrections", json=body, headers={"authorization": f"Bearer {token}"})
    assert (answer.status_code, answer.json()["status"], answer.json()["by"]) == (201, "postponed", "Kim Berg")


@pytest.mark.parametrize(
    ("fields", "status", "words"),
    [
        ({"kind": "guess", "because": "x"}, 400, "kind"),
        ({"kind": "status", "event": "nothing", "status": "held", "because": "x"}, 404, "no event"),
        ({"kind": "status", "status": "held"}, 400, "because"),
        ({"kind": "status", "status": "lapsed", "because": "x"}, 400, "status"),
        ({"kind": "date", "first": "soon", "because": "x"}, 400, "day"),
        ({"kind": "withdraw", "report": "nothing", "because": "x"}, 404, "report"),
        ({"kind": "undo", "correction": "nothing", "because": "x"}, 404, "correction"),
        ({"kind": "status", "status": "held", "because": "x", "on": "someday"}, 400, "on"),
        ({"kind": "status", "status": "held", "because": "x\0"}, 400, "control"),
    ],
)
def test_a_correction_that_does_not_fit_says_why(site: Any, fields: dict[str, str], status: int, words: str) -> None:
    site.add("The launch is scheduled, says Ada Lund.")
    editor = site.make("Kim Berg")
    answer = site.post(editor, "/corrections", **{"event": site.event("launch"), **fields})
    assert answer.status_code == status
    assert words in answer.text


def test_a_form_leads_on_within_the_desk_alone(site: Any) -> None:
    site.add("The launch is scheduled, says Ada Lund.")
    editor = site.make("Kim Berg")
    for to in ("https://elsewhere.example/", "//elsewhere.example/", "/\\elsewhere.example"):
        done = site.post(
            editor, "/corrections", kind="status", event=site.event("launch"), status="held", because="x", next=to
        )
        assert done.headers["location"].startswith("/events/")


def test_a_body_too_long_or_of_another_kind_is_refused(site: Any) -> None:
    editor = site.make("Kim Berg")
    assert editor.post("/corrections", data={"because": "x" * 70_000}).status_code == 413
    assert editor.post("/corrections", content=b"<x/>", headers={"content-type": "text/xml"}).status_code == 415
    assert editor.post("/corrections", content=b"[1]", headers={"content-type": "application/json"}).status_code == 400
