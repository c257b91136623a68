"""A decorator that reports each call of a function as a run."""

from __future__ import annotations

import functools
import inspect
from typing import Any, Callable, Optional, TypeVar, cast

from .client import Client
from .default import default_client

F = TypeVar("F", bound=Callable[..., Any])


def monitored(pipeline_name: str, *, client: Optional[Client] = None, **run_options: Any) -> Callable[[F], F]:
    """Decorates a function, coroutine function or generator function: its start, duration and end are reported;
    `current_run()` inside it is the run. run_options: as of `Pipeline.run`.
    """

    def decorate(function: F) -> F:
        def run() -> Any:
            return (client or default_client()).pipeline(pipeline_name).run(**run_options)

        if inspect.iscoroutinefunction(function):

            @functools.wraps(function)
            async def awaited(*args: Any, **kwargs: Any) -> Any:
                with run():
                    return await function(*args, **kwargs)

            return cast(F, awaited)

        if inspect.isgeneratorfunction(function):

            @functools.wraps(function)
            def generated(*args: Any, **kwargs: Any) -> Any:
                with run():
                    return (yield from function(*args, **kwargs))

            return cast(F, generated)

        @functools.wraps(function)
        def called(*args: Any, **kwargs: Any) -> Any:
            with run():
                return function(*args, **kwargs)

        return cast(F, called)

    return decorate
