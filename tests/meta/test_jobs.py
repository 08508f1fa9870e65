"""Background work is registered, where the worker finds it."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from django.conf import settings
from django.utils.module_loading import import_string

from dekon.ops.worker import load_jobs
from tests.meta.source import Module, modules, parse

DECORATORS = frozenset({"scheduled", "task"})


def unregistered(module: Module) -> Iterator[str]:
    """Public functions of a `jobs.py` that neither the scheduler nor a caller could start."""
    for function in module.public_functions():
        names = {
            name.id
            for decorator in function.decorator_list
            for name in ast.walk(decorator)
            if isinstance(name, ast.Name)
        }
        if not names & DECORATORS:
            yield f"{module.name} {function.name}"


def job_modules() -> list[Module]:
    return [module for module in modules("dekon") if module.path.name == "jobs.py"]


def test_every_function_of_a_jobs_module_is_a_job() -> None:
    assert job_modules()
    assert [line for module in job_modules() for line in unregistered(module)] == []


def test_a_forgotten_decorator_would_be_found() -> None:
    assert list(unregistered(parse("def clean():\n    pass\n")))
    assert not list(unregistered(parse("@scheduled(name='x', every=Daily(time(2)))\ndef clean():\n    pass\n")))


def test_the_scheduler_knows_every_scheduled_job() -> None:
    names = {job.name for job in load_jobs()}
    declared = [
        word.value.value
        for module in job_modules()
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "scheduled"
        for word in node.keywords
        if word.arg == "name" and isinstance(word.value, ast.Constant)
    ]
    assert declared
    assert set(map(str, declared)) <= names


def test_tasks_are_kept_in_the_database() -> None:
    backend = import_string(settings.TASKS["default"]["BACKEND"])
    assert backend.__module__.startswith("django_tasks_db")
