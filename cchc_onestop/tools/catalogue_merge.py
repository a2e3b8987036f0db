"""Merging what a file says about a procedure into what the catalogue knows of it."""

from .catalogue_parser import not_stated
from .search_text import normalise

# What a source of this kind never tells: kept from the version in force.
_LOCAL_LIMIT = ("deadline_rule", "case")
_LOCAL_DOCUMENT = (
    "source",
    "digitise_required",
    "digitise_basis",
    "note",
    "template_name",
    "template_url",
)


def _keep(new, old, names):
    """Fill the empty ``names`` of ``new`` from ``old``."""
    for name in names:
        if not new.get(name) and old.get(name):
            new[name] = old[name]


def _same(left, right, names):
    return all(
        (left.get(name) or False) == (right.get(name) or False) for name in names
    )


def merge_json(current, incoming):
    """Return the content after ``incoming`` of LayThuTuc is laid over ``current``.

    What the source names replaces what is known; what it does not name stays, and so
    do the local marks of rows that are the same as before.
    """
    if not current:
        return incoming
    merged = {**current, **incoming}
    if "channels" in incoming:
        _keep_channel_marks(current.get("channels") or [], merged["channels"])
        _keep_known_cases(current, merged)
    if "documents" in incoming:
        known = {
            row.get("code") or row["name"]: row
            for row in current.get("documents") or []
        }
        for row in merged["documents"]:
            old = known.get(row.get("code") or row["name"])
            if old:
                _keep(row, old, _LOCAL_DOCUMENT)
                if _same(row, old, ("name", "originals", "copies")):
                    row["to_confirm"] = bool(old.get("to_confirm"))
    return merged


def _keep_channel_marks(old_channels, new_channels):
    old_by_name = {row["channel"]: row for row in old_channels}
    for channel in new_channels:
        old = old_by_name.get(channel["channel"])
        if not old:
            continue
        _keep(channel, old, ("note",))
        for limit, before in zip(
            channel["limits"], old.get("limits") or [], strict=False
        ):
            if not _same(limit, before, ("is_stated", "amount", "unit")):
                continue
            _keep(limit, before, _LOCAL_LIMIT)
            limit["to_confirm"] = bool(before.get("to_confirm"))
            for fee, fee_before in zip(
                limit.get("fees") or [], before.get("fees") or [], strict=False
            ):
                if _same(fee, fee_before, ("is_stated", "amount", "legal_text")):
                    _keep(fee, fee_before, ("tier_from", "tier_amount", "cap_amount"))
                    fee["to_confirm"] = bool(fee_before.get("to_confirm"))


def _keep_known_cases(current, merged):
    """Keep the known cases that rows of the merged content still name."""
    named = {
        limit.get("case")
        for channel in merged["channels"]
        for limit in channel["limits"]
    } | {row.get("case") for row in merged.get("documents") or []}
    known = [row for row in current.get("cases") or [] if row["name"] in named]
    names = {row["name"] for row in known}
    missing = [case for case in named if case and case not in names]
    merged["cases"] = known + [{"name": case} for case in sorted(missing)]


def merge_sheet(current, facts):
    """Return the content after the main ``facts`` of a sheet row.

    A provincial list tells much less than the national service: only what differs
    from the version in force changes, the rest of its content stays.
    """
    content = {key: value for key, value in (current or {}).items()}
    content["name"] = facts["name"]
    for name in ("online_level", "reception_address"):
        if facts.get(name):
            content[name] = facts[name]
    content["channels"] = _merge_sheet_channels(content.get("channels") or [], facts)
    if facts.get("legal_bases"):
        known = {row["number"]: row for row in content.get("legal_bases") or []}
        content["legal_bases"] = [
            known.get(row["number"], row) for row in facts["legal_bases"]
        ]
    _keep_known_cases(current or {}, content)
    return content


def _merge_sheet_channels(channels, facts):
    wanted = facts.get("channels") or [row["channel"] for row in channels]
    known = {row["channel"]: row for row in channels}
    model = channels[0] if channels else {"limits": []}
    merged = []
    for name in wanted or ["counter"]:
        row = known.get(name) or {**model, "channel": name, "note": ""}
        limits = row.get("limits") or []
        if facts.get("limits") and not _same_limits(limits, facts["limits"]):
            fees = limits[0].get("fees") if limits else []
            limits = [{**limit, "fees": fees or []} for limit in facts["limits"]]
        if facts.get("fees"):
            limits = [_with_fees(limit, facts) for limit in limits]
        merged.append({**row, "limits": limits or [{**not_stated(), "fees": []}]})
    return merged


def _same_limits(known, facts):
    if len(known) < len(facts):
        return False
    if len(facts) > 1 and len(known) != len(facts):
        return False
    return all(
        bool(limit.get("is_stated")) == bool(fact["is_stated"])
        and (
            not fact["is_stated"]
            or (limit.get("unit") == fact["unit"])
            and (limit.get("amount") == fact["amount"] or fact["unit"] == "same_day")
        )
        for limit, fact in zip(known, facts, strict=False)
    )


def _with_fees(limit, facts):
    """Return ``limit`` with the fees of a sheet row, the same ones left as they are."""
    known = limit.get("fees") or []
    wording = "; ".join(fee.get("legal_text") or "" for fee in known)
    if known and normalise(wording) == normalise(facts.get("fee_text")):
        return limit
    fees = facts["fees"]
    same = len(known) == len(fees) and all(
        _same(old, new, ("is_stated", "amount"))
        for old, new in zip(known, fees, strict=True)
    )
    return limit if same else {**limit, "fees": [dict(fee) for fee in fees]}


def clear_marks(content):
    """Take the mark "to be confirmed" off every row of ``content``."""
    for channel in content.get("channels") or []:
        for limit in channel.get("limits") or []:
            limit["to_confirm"] = False
            for fee in limit.get("fees") or []:
                fee["to_confirm"] = False
    for document in content.get("documents") or []:
        document["to_confirm"] = False
    return content
