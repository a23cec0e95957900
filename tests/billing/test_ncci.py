"""The quarterly table of pairs: only ours, with their days, and clear words where it cannot be read."""

from datetime import date

import pytest

from billing.ncci import PairTrouble, pairs_in
from billing.office import Pair

TABLE = """\
Column 1/Column 2 Edits
Column 1\tColumn 2\t*=in existence\tEffective\tDeletion\tModifier
11042\t97597\t\t20200101\t*\t1
90853\t90832\t\t20141001\t*\t1
90853\t90849\t\t20130101\t20251231\t0
90853\t90834\t\t20141001\t20141001\t9
90791\t90853\t\t20130101\t*\t0
"""


def test_only_pairs_with_group_therapy_are_taken_and_none_that_is_retired():
    assert pairs_in(TABLE.splitlines()) == (
        Pair(column_1="90853", column_2="90832", separable=True, since=date(2014, 10, 1)),
        Pair(column_1="90853", column_2="90849", separable=False, since=date(2013, 1, 1), until=date(2025, 12, 31)),
        Pair(column_1="90791", column_2="90853", separable=False, since=date(2013, 1, 1)),
    )


@pytest.mark.parametrize(
    ("table", "told"),
    [
        ("", "There is no pair with 90853"),
        ("90853\t90832", "Line 1: a row with 90853 has no modifier indicator"),
        (TABLE.replace("20141001\t*", "1 Oct 2014\t*"), "Line 4: '1 Oct 2014' is no day like 20260701"),
        (TABLE.replace("*\t0", "*\tno"), "Line 7: a row with 90853 has no modifier indicator"),
    ],
)
def test_a_file_that_is_not_the_table_is_refused(table: str, told: str):
    with pytest.raises(PairTrouble, match=told):
        pairs_in(table.splitlines())
