"""Why the desk does not do what it is asked, each with the status of HTTP and words for a person."""

from __future__ import annotations


class Refusal(Exception):
    """What is asked is not done; `words` say why, and what to do."""

    status = 400

    def __init__(self, words: str) -> None:
        self.words = words
        super().__init__(words)


class WrongUse(Refusal):
    """A value of the query or the form is wrong, or missing."""


class SignInFirst(Refusal):
    """Nobody is signed in, and no token that holds was given."""

    status = 401


class NotAllowed(Refusal):
    """Whoever asks may not, or the form is none of this desk's."""

    status = 403


class NotHere(Refusal):
    """There is no such page, event, report or correction."""

    status = 404


class NoSuchFormat(Refusal):
    """The page does not come in any format that is accepted."""

    status = 406


class InTheWay(Refusal):
    """It is there already, or no longer."""

    status = 409


class TooMuch(Refusal):
    """The form is too long."""

    status = 413


class OtherForm(Refusal):
    """The body is neither a form nor JSON."""

    status = 415


class TooOften(Refusal):
    """Too many failed tries."""

    status = 429
