"""The page of components shows every part of the pages."""

import pytest


@pytest.mark.django_db
def test_every_part_stands_on_the_page(client, settings):
    settings.DEMO = True
    page = client.get("/demo/components/").content.decode()
    parts = (
        'class="finding"',
        'class="ticks"',
        'class="task"',
        'aria-invalid="true"',
        'class="segmented"',
        'class="choices"',
        'class="checks"',
        'class="filters"',
        'class="pager"',
        'class="timeline',
        'class="steps"',
        'class="dialog"',
        'class="toast',
        'class="tabs"',
        'class="skeleton"',
        'class="progress"',
        'class="icons"',
    )
    assert [part for part in parts if part not in page] == []
