"""Pose models between two sessions: lent once at a time, kept whole, closed at the end."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from glutecam.errors import ModelError
from glutecam.web.shelf import Shelf


class Model:
    """Notes what is done to it."""

    def __init__(self, made: list[Model]) -> None:
        self.anew = self.closed = 0
        self.lent = threading.Lock()
        made.append(self)

    def start_anew(self) -> None:
        assert not self.closed
        self.anew += 1

    def close(self) -> None:
        self.closed += 1


@pytest.fixture
def made() -> list[Model]:
    return []


def test_the_next_one_takes_what_the_last_one_put_back(made: list[Model]):
    shelf: Shelf[Model] = Shelf(2)
    for _ in range(3):
        with shelf.lent("full", lambda: Model(made)) as model:
            assert shelf.idle == 0 and model is made[0]
    assert len(made) == shelf.idle == 1
    assert (made[0].anew, made[0].closed) == (3, 0)


def test_nobody_gets_a_model_that_somebody_uses(made: list[Model]):
    shelf: Shelf[Model] = Shelf(3)

    def borrow(_: int) -> None:
        with shelf.lent("full", lambda: Model(made)) as model:
            assert model.lent.acquire(blocking=False)
            threading.Event().wait(0.002)
            model.lent.release()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(borrow, range(80)))
    kept = [model for model in made if not model.closed]
    assert len(kept) == shelf.idle <= 3
    assert all(model.closed <= 1 for model in made)


def test_a_model_with_which_something_went_wrong_is_closed(made: list[Model]):
    shelf: Shelf[Model] = Shelf(2)
    with pytest.raises(ModelError), shelf.lent("full", lambda: Model(made)):
        raise ModelError("the frame could not be read")
    assert shelf.idle == 0 and made[0].closed == 1
    with shelf.lent("full", lambda: Model(made)) as model:
        assert model is made[1]


def test_one_that_cannot_be_opened_leaves_nothing():
    shelf: Shelf[Model] = Shelf(2)

    def missing() -> Model:
        raise ModelError("there is no such file")

    with pytest.raises(ModelError), shelf.lent("full", missing):
        raise AssertionError("nothing was lent")
    assert shelf.idle == 0


def test_another_variant_is_never_lent_in_its_place(made: list[Model]):
    shelf: Shelf[Model] = Shelf(2)
    for kind in ("lite", "full", "lite"):
        with shelf.lent(kind, lambda: Model(made)):
            pass
    assert len(made) == 2 and [model.anew for model in made] == [2, 1]
    with shelf.lent("heavy", lambda: Model(made)):
        pass
    # Two at most: the one that waited longest had to go.
    assert [model.closed for model in made] == [0, 1, 0]


def test_after_the_end_nothing_stays_open(made: list[Model]):
    shelf: Shelf[Model] = Shelf(2)
    with shelf.lent("full", lambda: Model(made)), shelf.lent("full", lambda: Model(made)):
        pass
    with shelf.lent("full", lambda: Model(made)) as model:
        shelf.close()
        assert not model.closed
    assert [model.closed for model in made] == [1, 1] and shelf.idle == 0
