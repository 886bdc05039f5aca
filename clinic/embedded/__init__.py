"""PostgreSQL and Redis without a service to install, for the demo and the tests.

``python -m clinic.embedded [--data DIR] [--fast] COMMAND…`` starts both, each as a real server of
our own, makes the two database roles, hands their addresses to the command by the environment,
and stops them when the command ends. Nothing of the product imports this package, so settings
stay plain and production never sees it.
"""
