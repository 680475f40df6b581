"""Signals as values and as a file: what is not whole is never used."""

from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from app.recommend.contents import content_of
from app.recommend.errors import BrokenModel
from app.recommend.signal_file import MAGIC, load, save
from app.recommend.signals import PARTS, Signals
from tests.fitting.invented import make_signals


@pytest.mark.parametrize("mapped", [True, False], ids=["mapped", "read"])
@pytest.mark.parametrize(
    "signals",
    [
        pytest.param(make_signals(), id="all signals"),
        pytest.param(make_signals(d=0, neighbours=0), id="content only"),
        pytest.param(make_signals(n=0, neighbours=0), id="no jobs"),
    ],
)
def test_a_saved_model_is_loaded_as_it_was(signals: Signals, mapped: bool, tmp_path: Path) -> None:
    save(signals, tmp_path / "model")
    loaded = load(tmp_path / "model", mapped=mapped)
    for field in fields(Signals):
        found, given = getattr(loaded, field.name), getattr(signals, field.name)
        if isinstance(given, np.ndarray):
            assert found.dtype == given.dtype
            np.testing.assert_array_equal(found, given)
        else:
            assert found == given


def test_a_loaded_model_cannot_be_changed(tmp_path: Path) -> None:
    save(make_signals(), tmp_path / "model")
    with pytest.raises(ValueError, match="read-only"):
        load(tmp_path / "model").factors[0, 0] = 1


def test_the_same_signals_make_the_same_bytes(tmp_path: Path) -> None:
    for name in ("one", "two"):
        save(make_signals(), tmp_path / name)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(lambda file: b"", id="empty"),
        pytest.param(lambda file: MAGIC, id="only its beginning"),
        pytest.param(lambda file: file[:-1], id="one byte short"),
        pytest.param(lambda file: file[: len(file) // 2], id="half a copy"),
        pytest.param(lambda file: file + b"\0", id="one byte too many"),
        pytest.param(lambda file: file[:200] + bytes([file[200] ^ 1]) + file[201:], id="one bit changed"),
        pytest.param(lambda file: b"goen-signals-99\n" + file[16:], id="another release's"),
        pytest.param(lambda file: b"\x80\x04cos\nsystem\n(S'true'\ntR." * 40, id="a pickle"),
    ],
)
def test_a_file_that_is_not_whole_or_foreign_is_refused(spoil: Any, tmp_path: Path) -> None:
    path = tmp_path / "model"
    save(make_signals(), path)
    path.write_bytes(spoil(path.read_bytes()))
    for mapped in (True, False):
        with pytest.raises(BrokenModel):
            load(path, mapped=mapped)


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BrokenModel):
        load(tmp_path / "none")


BAD: dict[str, dict[str, Any]] = {
    "ids that do not rise": {"job_ids": np.array([3, 2] + [9] * 38, "<i8")},
    "factors of another type": {"factors": np.zeros((40, 8), "<f8")},
    "factors of other jobs": {"factors": np.zeros((39, 8), "<f2")},
    "a factor that is no number": {"factors": np.full((40, 8), np.nan, "<f2")},
    "a gram of another width": {"gram": np.zeros((7, 7), "<f4")},
    "a neighbour beyond the last row": {"neighbours": np.full((40, 5), 40, "<i4")},
    "a neighbour below none": {"neighbours": np.full((40, 5), -2, "<i4")},
    "weights of other neighbours": {"neighbour_weights": np.zeros((40, 4), "<f2")},
    "components of other words": {"components": np.zeros((63, 6), "<f2")},
    "a scale of 0": {"scales": dict.fromkeys(PARTS, 0.0)},
    "a scale missing": {"scales": {"als": 1.0}},
    "a weight below 0": {"weights": dict.fromkeys(PARTS, -1.0)},
    "no regularisation": {"regularisation": 0.0},
}


@pytest.mark.parametrize("changes", [pytest.param(change, id=name) for name, change in BAD.items()])
def test_signals_that_do_not_fit_together_are_not_even_written(
    changes: dict[str, Any], tmp_path: Path
) -> None:
    with pytest.raises(BrokenModel):
        save(replace(make_signals(), **changes), tmp_path / "model")
    assert not (tmp_path / "model").exists()


def test_rows_are_found_by_job_id() -> None:
    signals = make_signals(n=3, neighbours=2)
    assert signals.rows_of(np.array([13, 10, 16, 11, 9, 99])).tolist() == [1, 0, 2, -1, -1, -1]
    assert make_signals(n=0, neighbours=0).rows_of(np.array([13])).tolist() == [-1]


def test_a_new_jobs_content_needs_no_fitting() -> None:
    signals = make_signals()
    nurse = [["看護", "護師"], ["prefecture=13"]]
    same, other, empty = content_of(signals, [nurse, [["経理"]], []])
    assert np.linalg.norm(same) == pytest.approx(1)
    assert np.linalg.norm(empty) == 0
    np.testing.assert_array_equal(same, content_of(signals, [nurse])[0])
    assert same @ other < 0.999
