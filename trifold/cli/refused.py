"""Pulumi's commands that this engine has not: each says so by name, and what to do instead."""

from typing import Any, Final

import typer

from trifold.cli import config, stack, state

CLOUD: Final = "there is no Pulumi Cloud here; state is kept in files"
COMMANDS: Final = {
    "import": "use the resource option `import_` and `up`, or `pulumi import`",
    "logs": "the local clouds' logs are where `trifold local status` says",
    "watch": "run `up` again after a change",
    "convert": "it is about programs in other languages",
    "new": "there are no templates",
    "install": "`make setup` installs what the program needs",
    "plugin": "providers are attached, or named in Pulumi.yaml",
    "package": "there are no SDKs to generate",
    "schema": "there are no SDKs to generate",
    "env": "environments (ESC) are not supported",
    "login": "PULUMI_BACKEND_URL names the backend",
    "logout": "PULUMI_BACKEND_URL names the backend",
    "whoami": CLOUD,
    "org": CLOUD,
    "project": CLOUD,
    "deployment": CLOUD,
    "console": CLOUD,
    "about": "`trifold --version` names the version",
    "stack select": "name the stack with -s, or in PULUMI_STACK",
    "stack unselect": "name the stack with -s, or in PULUMI_STACK",
    "stack tag": CLOUD,
    "stack graph": "`trifold stack export` has the dependencies",
    "stack change-secrets-provider": "only 'passphrase' is supported",
    "stack migrate": "`stack export` and `stack import` move a stack",
    "state move": "`stack export` and `stack import` move resources",
    "state rename": "use the resource option `aliases`",
    "state repair": "this engine refuses a state that does not hold together",
    "state taint": "use `up --replace`",
    "state untaint": "use `up --replace`",
    "state upgrade": "only the present layout is read",
    "config cp": "copy the stack's configuration file",
    "config env": "environments (ESC) are not supported",
    "config refresh": "the configuration is in its file only",
    "config set-all": "call `config set` for each value",
    "config rm-all": "call `config rm` for each value",
}
ANYTHING: Final[dict[str, Any]] = {"ignore_unknown_options": True, "allow_extra_args": True}
GROUPS: Final[dict[str, typer.Typer]] = {"stack": stack.app, "state": state.app, "config": config.app}


def register(app: typer.Typer) -> None:
    """Add them all, hidden."""
    for command, why in COMMANDS.items():
        group, _, name = command.rpartition(" ")
        place = GROUPS[group] if group else app
        taken = [one.name for one in place.registered_commands] + [one.name for one in place.registered_groups]
        if name not in taken:  # the groups outlive a command line
            place.command(name, hidden=True, context_settings=ANYTHING)(_refusing(command, why))


def _refusing(command: str, why: str) -> Any:
    def refuse(context: typer.Context) -> None:
        from trifold.engine.refusals import refusal

        raise refusal("command", command=command, why=why)

    refuse.__doc__ = f"Not supported: {why}."
    return refuse
