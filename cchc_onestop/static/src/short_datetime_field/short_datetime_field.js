import {DateTimeField, dateTimeField} from "@web/views/fields/datetime/datetime_field";
import {formatDateTime} from "@web/core/l10n/dates";
import {localization} from "@web/core/l10n/localization";
import {registry} from "@web/core/registry";

/** Figures of the user's language, without the seconds: "24/08/2026 17:00". */
export function formatShortDateTime(value) {
    return formatDateTime(value, {
        format: localization.dateTimeFormat.replace(/:ss\b/, ""),
    });
}

/**
 * A point in time as it stands on the statutory forms. Odoo writes either figures with
 * seconds or the name of the month; an office needs neither.
 */
export class ShortDateTimeField extends DateTimeField {
    getFormattedValue(valueIndex) {
        const value = this.values[valueIndex];
        return value ? formatShortDateTime(value) : "";
    }
}

export const shortDateTimeField = {
    ...dateTimeField,
    component: ShortDateTimeField,
    listViewWidth: 130,
};

registry.category("fields").add("cchc_datetime", shortDateTimeField);
