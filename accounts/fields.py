"""Field types and validators of the models; migrations name them too."""

from typing import TYPE_CHECKING, Any
from zoneinfo import available_timezones

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    _EmailField = models.EmailField[str, str]
else:
    _EmailField = models.EmailField


class LowerCaseEmailField(_EmailField):
    """An e-mail address, kept and looked up in lower case: people do not type theirs the same way twice."""

    def get_prep_value(self, value: Any) -> Any:
        """The value as the database keeps it and as look-ups compare it."""
        prepared = super().get_prep_value(value)
        return prepared.strip().lower() if isinstance(prepared, str) else prepared

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:  # noqa: FBT001  (Django's signature)
        """Give the saved object what the database will hold."""
        value = self.get_prep_value(super().pre_save(model_instance, add))
        setattr(model_instance, self.attname, value)
        return value


def validate_time_zone(value: str) -> None:
    """Raise ValidationError unless `value` names a time zone, such as America/New_York."""
    if value not in available_timezones():
        raise ValidationError(
            _("%(zone)s is not a time zone. Write one like America/New_York."), params={"zone": value}
        )
