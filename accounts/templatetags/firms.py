"""What templates ask about making firms."""

from django import template
from django.template import Context

from accounts import sign_up

register = template.Library()


@register.simple_tag
def sign_up_is_open() -> bool:
    """Whether people sign firms up themselves on this installation."""
    return sign_up.is_open()


@register.simple_tag(takes_context=True)
def may_add_firm(context: Context) -> bool:
    """Whether whoever looks at the page may sign another firm up."""
    return sign_up.may_add_firm(context["request"].user)
