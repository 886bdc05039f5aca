"""Every list and every history is asked for in as many queries for many rows as for few."""

import ast

import pytest

from clinic.kernel.access import all_views
from clinic.kernel.pages import HistoryPage, ListPage
from tests.architecture.house import ROOT, text

LISTS = {
    pattern.name: pattern.callback.view_class
    for _route, pattern in all_views()
    if issubclass(getattr(pattern.callback, "view_class", object), ListPage)
}
TEN_AND_500 = "test_the_list_asks_as_much_for_ten_as_for_five_hundred"
HISTORY = "organisation/test_history.py", "test_more_premises_cost_the_history_no_more_queries"
COUNTED = {
    "approval_list": ("staff/test_approval_pages.py", TEN_AND_500),
    "case_list": (
        "clients/test_case_views.py",
        "test_the_list_asks_as_many_queries_for_500_cases_as_for_10",
    ),
    "client_list": (
        "clients/test_views.py",
        "test_the_list_asks_as_many_queries_for_500_clients_as_for_10",
    ),
    "directory": (
        "crisis/directory/test_pages.py",
        "test_the_list_asks_as_much_for_500_entries_as_for_10",
    ),
    "guideline_evidence": ("sessions/test_cockpit_evidence.py", TEN_AND_500),
    "jurisdiction_list": ("sessions/test_jurisdictions.py", TEN_AND_500),
    "message_list": ("today/test_pages.py", "test_the_number_of_queries_does_not_grow"),
    "staff_list": ("staff/test_list_page.py", TEN_AND_500),
    "suitability_list": (
        "sessions/suitability/test_reading_pages.py",
        "test_the_list_and_the_case_ask_as_much_for_five_hundred_as_for_ten",
    ),
    "training_list": (
        "supervision/test_training.py",
        "test_the_log_asks_as_much_for_ten_as_for_five_hundred",
    ),
}


@pytest.mark.parametrize("name", LISTS)
def test_a_test_counts_its_queries(name):
    """Histories differ in whose entries they show; their base draws all of them alike."""
    file, test = HISTORY if issubclass(LISTS[name], HistoryPage) else COUNTED[name]
    tree = ast.parse(text(ROOT / "tests" / file))
    assert test in {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


def test_none_is_named_that_is_no_list():
    assert {*COUNTED} - {*LISTS} == set()
