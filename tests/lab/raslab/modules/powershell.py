# Copyright (c) 2026, FleetOps contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""win_powershell without a PowerShell: marked scripts go to their doubles, and no other script runs."""

from __future__ import annotations

from typing import Any

from raslab.modules.call import module, ModuleCall, NotModeled
from raslab.powershell import schemas, scripts
from raslab.windows.command_line import NotUnderstood

_BINDING = "ParameterBindingException"
_STREAMS: dict[str, Any] = {
    "output": [],
    "error": [],
    "warning": [],
    "verbose": [],
    "debug": [],
    "information": [],
    "host_out": "",
    "host_err": "",
}


@module("win_powershell", "ansible.windows 3.3.0 and 3.8.0, plugins/modules/win_powershell.ps1", ("creates", "removes"))
async def win_powershell(call: ModuleCall) -> dict[str, Any]:
    call.only("script", "parameters", "sensitive_parameters", "error_action", "depth", "creates", "removes")
    args = call.args
    if not args["script"]:
        raise call.fail("one of the following is required: path, script")
    for option, wanted in (("creates", True), ("removes", False)):
        path = args[option]
        if path and (call.windows.files.find(path) is not None) == wanted:
            message = f"skipped, since {path} {'exists' if wanted else 'does not exist'}"
            return {**_STREAMS, "result": {}, "msg": message}
    if call.check and not scripts.supports_should_process(args["script"]):
        return {**_STREAMS, "result": {}, "changed": True, "msg": "skipped, running in check mode"}
    double = scripts.find(args["script"])
    if isinstance(double, str):
        raise NotModeled(double)
    parameters = dict(args["parameters"] or {})
    secure: dict[str, Any] = {}
    for item in args["sensitive_parameters"] or []:
        secure[item["name"]] = scripts.Credential(item["username"], item["password"] or "")
        if not item["username"]:
            secure[item["name"]] = item["value"] or ""
    if refused := scripts.refused_parameters(args["script"], {**parameters, **secure}):
        return {**_STREAMS, "result": {}, "changed": True, "failed": True, "error": [_error_record(refused, _BINDING)]}
    run = scripts.Run(call.machine, parameters, secure, call.check, call.user, call.entry, call.in_job)
    try:
        ended = await double.run(run)
    except NotUnderstood as error:
        raise NotModeled(str(error)) from None
    if ended is scripts.CUT_OFF:
        return {"changed": ended.changed}
    mark = scripts.mark_of(args["script"])
    if mark and not ended.error and (misfit := schemas.misfit(mark[0], ended.result)):
        raise NotModeled(misfit)
    result: dict[str, Any] = {
        **_STREAMS,
        "changed": ended.changed,
        "result": ended.result,
    }
    if ended.error:
        result.update(failed=True, error=[_error_record(ended.error, ended.error_id)])
    return result


def _error_record(message: str, error_id: str) -> dict[str, Any]:
    """An ErrorRecord as the module serializes it."""
    return {
        "output": f"{message}\r\n    + CategoryInfo          : NotSpecified: (:) [], RuntimeException\r\n",
        "error_details": None,
        "exception": {
            "message": message,
            "type": "System.Management.Automation.RuntimeException",
            "help_link": None,
            "source": None,
            "hresult": -2146233087,
            "inner_exception": None,
        },
        "target_object": None,
        "category_info": {
            "category": "NotSpecified",
            "category_id": 0,
            "activity": "",
            "reason": "RuntimeException",
            "target_name": "",
            "target_type": "",
        },
        "fully_qualified_error_id": error_id,
        "script_stack_trace": "at <ScriptBlock>, <No file>: line 1",
        "pipeline_iteration_info": [],
    }
