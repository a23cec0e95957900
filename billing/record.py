"""How every value of the core is made: frozen, without surprises, by keyword only."""

from dataclasses import dataclass
from typing import TypeVar, dataclass_transform

T = TypeVar("T")


@dataclass_transform(frozen_default=True, kw_only_default=True)
def record(cls: type[T]) -> type[T]:
    """A frozen dataclass with slots whose fields are given by name. Collections in it are tuples."""
    return dataclass(frozen=True, slots=True, kw_only=True)(cls)
