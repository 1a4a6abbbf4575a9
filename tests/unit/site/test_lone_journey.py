"""One visitor alone on the site: several walks of one journey as one."""

from dojo.costs import RequestAlone, StepAlone
from dojo.site.lone_journey import joined


def test_the_median_of_some_walks_stands_for_each_step_and_for_the_whole() -> None:
    """The whole has a median of its own, which need not be the sum of its steps'."""
    walks = [
        (StepAlone("search", 0.1, 2, 0, 0.05), StepAlone("open", 0.3, 4, 2, 0.2)),
        (StepAlone("search", 0.9, 2, 0, 0.85), StepAlone("open", 0.1, 4, 2, 0.05)),
        (StepAlone("search", 0.2, 2, 0, 0.15), StepAlone("open", 0.2, 4, 2, 0.1)),
    ]
    assert joined(walks) == RequestAlone(
        walks[0][0].time_s + walks[0][1].time_s,
        6,
        2,
        (StepAlone("search", 0.2, 2, 0, 0.15), StepAlone("open", 0.2, 4, 2, 0.1)),
    )


def test_what_the_app_does_beside_a_request_is_not_its_cost() -> None:
    """A batch of statements that falls into two of three walks counts in none of them."""
    walks = [
        (StepAlone("page", 0.2, 83, 2, 0.09),),
        (StepAlone("page", 0.1, 3, 0, 0.04),),
        (StepAlone("page", 0.3, 84, 2, 0.10),),
    ]
    assert joined(walks).steps == (StepAlone("page", 0.2, 3, 0, 0.04),)
    assert joined(walks).statements == 3


def test_without_statistics_the_time_is_all() -> None:
    """A server that has not loaded pg_stat_statements tells no costs."""
    assert joined([(StepAlone("page", 0.2),)]) == RequestAlone(0.2, steps=(StepAlone("page", 0.2),))
