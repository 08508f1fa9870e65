"""Payment lines of a year come in the order of an index: the first of millions does not wait for a sort."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import connection

from dekon.performance.payments import payment_lines
from dekon.performance.selectors import RecapFilter


@pytest.mark.django_db
@pytest.mark.parametrize("names", [{}, {"province": "32"}, {"spending_type": "52"}])
def test_the_first_line_of_a_year_needs_no_sort(names: dict[str, str]) -> None:
    plans: list[str] = []

    def explained(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:  # noqa: ANN401  as Django calls it
        if "budget_paymentline" in sql:
            with connection.connection.cursor() as cursor:
                cursor.execute(f"EXPLAIN {sql}", params)
                plans.append("\n".join(row[0] for row in cursor.fetchall()))
        return execute(sql, params, many, context)

    with connection.cursor() as cursor:
        for way in ("sort", "incremental_sort", "hashjoin", "mergejoin"):
            cursor.execute(f"SET LOCAL enable_{way} = off")
    with connection.execute_wrapper(explained):
        assert not list(payment_lines(RecapFilter(year=2022, as_of=date(2022, 12, 31), **names)))
    assert len(plans) == 1
    assert "budget_line_in_order" in plans[0]
    assert "Sort" not in plans[0]
