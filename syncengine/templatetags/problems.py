"""What stands in every form of a sync error: said once a page, since a page may hold hundreds of them."""

from django import template
from django.middleware.csrf import get_token
from django.template import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()


@register.simple_tag(takes_context=True)
def form_fields(context: Context) -> SafeString:
    """The hidden fields of a form: who sends it, for which firm, and the page to go back to, which is `here`.

    What components/form_guard.html says, too; the same for all forms of one page, so it is written once.
    """
    here, request = str(context.get("here", "")), context["request"]
    kept: dict[str, SafeString] = request.__dict__.setdefault("_form_fields", {})
    if here not in kept:
        kept[here] = format_html(
            '<input type="hidden" name="csrfmiddlewaretoken" value="{}">'
            '<input type="hidden" name="for_firm" value="{}"><input type="hidden" name="back" value="{}">',
            get_token(request),
            request.firm.slug,
            here,
        )
    return kept[here]


@register.simple_tag
def out_icon() -> SafeString:
    """The picture beside a link that leads out (components/icon.html, "out")."""
    return _OUT


_OUT = SafeString(
    '<svg class="icon" viewBox="0 0 16 16" width="16" height="16" fill="none" stroke="currentColor"'
    ' stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true" focusable="false">'
    '<path d="M6.5 3.5h-3v9h9v-3"/><path d="M9 3h4v4M12.6 3.4 7.5 8.5"/></svg>'
)
