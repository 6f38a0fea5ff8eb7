from __future__ import annotations

from itertools import pairwise

import pytest

from training import seeds


def test_nobody_is_in_two_sets():
    assert all(one.stop <= other.start for one, other in pairwise(sorted(seeds.SETS, key=min)))


def test_a_set_has_no_body_beyond_its_last_one():
    with pytest.raises(IndexError):
        seeds.CLIPS[len(seeds.CLIPS)]
