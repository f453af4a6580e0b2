"""The front door is complete and in order."""

import subprocess
import sys

import stillon
from stillon import errors, model


def test_every_public_name_can_be_imported() -> None:
    for name in stillon.__all__:
        assert getattr(stillon, name) is not None


def test_every_record_and_every_error_is_public() -> None:
    for module in (model, errors):
        own = {name for name, value in vars(module).items() if getattr(value, "__module__", None) == module.__name__}
        own = {name for name in own if isinstance(getattr(module, name), type)}
        assert own <= set(stillon.__all__)


def test_the_five_stages_and_their_composition_are_public() -> None:
    stages = {"read", "extract", "link", "weigh", "load_reader", "read_articles", "dossier", "dossiers"}
    assert stages <= set(stillon.__all__)


def test_public_names_are_sorted_and_listed() -> None:
    assert list(stillon.__all__) == sorted(stillon.__all__)
    assert set(stillon.__all__) <= set(dir(stillon))


def test_a_name_that_is_not_there_is_an_attribute_error() -> None:
    assert not hasattr(stillon, "divine")


def test_importing_the_front_door_loads_no_model() -> None:
    heavy = "{'spacy', 'onnxruntime', 'numpy', 'rich', 'trafilatura'} & set(sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", f"import sys, stillon, stillon.cli; print({heavy})"], capture_output=True, text=True
    )
    assert done.stdout.strip() == "set()", done.stderr
