"""What can be switched on a running stand-in Clio, through POST /control/limits or ClioServer.set_limits."""

from dataclasses import dataclass


@dataclass
class Settings:
    """Limits, and choices where Clio's own behaviour is not known.

    rate_limit             calls per token and minute; None: no limit, and the headers name a large number
    unordered_list_max     rows after which a list that takes no `order` ends with 422; None: never
    offset_list_max        rows after which a list not read by order=id(asc) ends with 422
    list_void_bills        whether a list of bills without `state` holds void and deleted ones
    list_voided_allocations  whether a list of allocations without `status` holds voided ones
    bill_moves_on_payment  whether a bill's updated_at moves when money on it changes
    token_seconds          life of an access token
    """

    rate_limit: int | None = 50
    unordered_list_max: int | None = None
    offset_list_max: int = 10_000
    list_void_bills: bool = False
    list_voided_allocations: bool = False
    bill_moves_on_payment: bool = True
    token_seconds: int = 2_592_000
