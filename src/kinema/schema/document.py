"""The base of every document: frozen, unknown keys refused."""

from pydantic import BaseModel, ConfigDict


class Document(BaseModel):
    """A frozen pydantic model that refuses keys it does not know, and numbers that are none."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)
