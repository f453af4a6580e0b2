"""English is told from what is not."""

from __future__ import annotations

import pytest

from stillon.reading.language import is_english


@pytest.mark.parametrize(
    "text",
    [
        "The harbour council will meet on Thursday to vote on the new ferry line, its chair said on Monday.",
        "Council vote off",
        "Marlow, Quill, Rudd back Ellery ferry plan",
        "Sommet reporté",
        "“Le vote est reporté,” the mayor of Ellery said in French, and then in English that the council would "
        "meet again on Friday to settle the matter.",
        "",
        "1 2 3 — 4",
    ],
)
def test_english_or_too_short_to_tell(text: str) -> None:
    assert is_english(text)


@pytest.mark.parametrize(
    "text",
    [
        "Le conseil du port se réunira jeudi pour voter sur la nouvelle ligne, a annoncé mardi sa présidente, "
        "qui espère que les travaux commenceront avant la fin de l'année.",
        "Der Hafenrat will am Donnerstag über die neue Fähre abstimmen, sagte die Vorsitzende am Dienstag. Die "
        "Abstimmung war in der vergangenen Woche verschoben worden, weil ein Bericht fehlte.",
        "El consejo del puerto se reunirá el jueves para votar la nueva línea, dijo el martes su presidenta, "
        "que espera que las obras comiencen antes de fin de año.",
        "Il consiglio del porto si riunirà giovedì per votare la nuova linea, ha detto martedì la presidente, "
        "che spera che i lavori comincino prima della fine dell'anno.",
        "O conselho do porto vai reunir-se na quinta-feira para votar a nova linha, disse na terça-feira a sua "
        "presidente, que espera que as obras comecem antes do fim do ano.",
        "De havenraad komt donderdag bijeen om te stemmen over de nieuwe veerdienst, zei de voorzitter dinsdag. "
        "De stemming was vorige week uitgesteld omdat een rapport ontbrak.",
        "Rada portu zbierze się w czwartek, aby głosować nad nową linią, powiedziała we wtorek przewodnicząca. "
        "Głosowanie zostało przełożone w zeszłym tygodniu, ponieważ nie było raportu.",
        "Совет порта соберётся в четверг.",
        "港务委员会将于周四开会。",
        "港湾評議会は木曜日に会合を開く。",
        "항만 위원회는 목요일에 회의를 연다.",
        "سيجتمع مجلس الميناء يوم الخميس.",
        "Το συμβούλιο του λιμανιού θα συνεδριάσει την Πέμπτη.",
        "מועצת הנמל תתכנס ביום חמישי.",
        "बंदरगाह परिषद की बैठक गुरुवार को होगी।",
    ],
)
def test_other_languages_are_told(text: str) -> None:
    assert not is_english(text)
