"""Runs the steps of a workflow of GitHub's: each job in a clone of its own, actions that pass files on by copying them.

workflow.py WORKFLOW REPOSITORY DIRECTORY [--lose JOB]   prints the conclusion of each job; exits with that of the last one. A
job that is lost fails, and hands nothing back; what an earlier attempt handed back stays in DIRECTORY/artifacts.

Knows the expressions, conditions and actions that `init --ci github` writes, and stops at any other.
"""

import hashlib
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys

import yaml

workflow = yaml.safe_load(pathlib.Path(sys.argv[1]).read_text())
repository = pathlib.Path(sys.argv[2]).resolve()
work = pathlib.Path(sys.argv[3]).resolve()
lost = sys.argv[5:] if sys.argv[4:5] == ["--lose"] else []
store, caches = work / "artifacts", work / "caches"
results = {}


def evaluate(text, context):
    def value(match):
        name = match[1].strip()
        found = re.fullmatch(r"hashFiles\('([^']*)'\) != ''", name)
        if found:
            return str((context["clone"] / found[1]).exists()).lower()
        if name not in context:
            sys.exit(f"{sys.argv[1]}: expression {name!r} is not known")
        return str(context[name])

    return re.sub(r"\$\{\{(.*?)\}\}", value, str(text))


def wanted(condition, failed, context):
    """Whether a step or job with this `if:` runs."""
    if condition is None:
        return not failed
    condition = str(condition)
    parts = [part.strip() for part in condition.split("&&")]
    always = "always()" in parts
    for part in parts:
        if part == "always()":
            continue
        found = re.fullmatch(r"hashFiles\('([^']*)'\) != ''", part)
        if found:
            if not (context["clone"] / found[1]).exists():
                return False
            continue
        found = re.fullmatch(r"([\w.-]+) != '([^']*)'", part)
        if not found:
            sys.exit(f"{sys.argv[1]}: condition {part!r} is not known")
        if str(context.get(found[1], "")) == found[2]:
            return False
    return always or not failed


def copy(source, target):
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.is_dir():
        shutil.copytree(source, target, dirs_exist_ok=True, symlinks=True)
    else:
        shutil.copy2(source, target)


def use(action, inputs, context, step):
    clone = context["clone"]
    name = action.split("@")[0]
    if name == "actions/checkout":
        subprocess.run(["git", "clone", "-q", str(repository), str(clone)], check=True)
    elif name in ("actions/cache", "actions/cache/restore"):
        keys = [inputs["key"]] + [key for key in inputs.get("restore-keys", "").split("\n") if key]
        found = [entry for key in keys for entry in sorted(caches.glob("*")) if (entry / "key").read_text().startswith(key)]
        exact = [entry for entry in found if (entry / "key").read_text() == inputs["key"]]
        if found:
            copy((exact or found)[-1] / "content", clone / inputs["path"])
        if "id" in step:
            context[f"steps.{step['id']}.outputs.cache-hit"] = "true" if exact else ""
        if name == "actions/cache" and not exact:
            context["save"].append((inputs["key"], clone / inputs["path"]))
    elif name == "actions/cache/save":
        context["save"].append((inputs["key"], clone / inputs["path"]))
    elif name == "actions/upload-artifact":
        source = clone / inputs["path"]
        if context["job"] in lost:
            return
        if source.exists():
            shutil.rmtree(store / inputs["name"], ignore_errors=True)
            copy(source, store / inputs["name"])
    elif name == "actions/download-artifact":
        if "pattern" in inputs:
            for entry in store.glob(inputs["pattern"]):
                copy(entry, clone / inputs["path"] / entry.name)
        elif not (store / inputs["name"]).exists():
            raise RuntimeError(f"no artifact {inputs['name']}")
        else:
            copy(store / inputs["name"], clone / inputs["path"])
    elif name not in ("actions/setup-node", "actions/setup-python"):
        sys.exit(f"{sys.argv[1]}: action {action!r} is not known")


def run(script, context, environment):
    clone = context["clone"]
    files = {name: work / f"{context['job']}.{name}" for name in ("GITHUB_OUTPUT", "GITHUB_ENV", "GITHUB_PATH", "GITHUB_STEP_SUMMARY")}
    for path in files.values():
        path.touch()
    files["GITHUB_OUTPUT"].write_text("")
    done = subprocess.run(["bash", "-e", "-c", script], cwd=clone, env={**os.environ, "GITHUB_RUN_ID": context["github.run_id"], **environment, **{k: str(v) for k, v in files.items()}},
                          stdin=subprocess.DEVNULL, stdout=context["log"], stderr=subprocess.STDOUT)
    for line in files["GITHUB_ENV"].read_text().splitlines():
        name, _, value = line.partition("=")
        context["env"][name] = value
    outputs = dict(line.split("=", 1) for line in files["GITHUB_OUTPUT"].read_text().splitlines())
    return done.returncode, outputs


def execute(job_name, job, more):
    context = {"clone": work / "clones" / job_name, "job": job_name, "save": [], "env": {}, "github.run_id": "1", "github.server_url": "https://git.example.org", "github.repository": "group/project",
               "github.run_attempt": "1", "runner.os": "Linux", "runner.arch": "X64", **more}
    failed = False
    (work / "logs").mkdir(exist_ok=True)
    with open(work / "logs" / f"{job_name}.log", "ab") as context["log"]:
        for step in job["steps"]:
            if not wanted(step.get("if"), failed, context):
                continue
            context["log"].write(f"--- {step.get('name', step.get('uses'))}\n".encode())
            context["log"].flush()
            environment = {**{k: evaluate(v, context) for k, v in {**workflow.get("env", {}), **job.get("env", {})}.items()}, **context["env"]}
            try:
                if "uses" in step:
                    use(step["uses"], {k: evaluate(v, context) for k, v in step.get("with", {}).items()}, context, step)
                    code, outputs = 0, {}
                else:
                    code, outputs = run(evaluate(step["run"], context), context, environment)
            except RuntimeError as error:
                context["log"].write(f"{error}\n".encode())
                code, outputs = 1, {}
            for key, value in outputs.items():
                context[f"steps.{step['id']}.outputs.{key}"] = value
            if code != 0 and not step.get("continue-on-error"):
                failed = failed or code
        for key, path in context["save"]:
            if path.exists():
                entry = caches / hashlib.sha1(key.encode()).hexdigest()
                if not entry.exists():
                    copy(path, entry / "content")
                    (entry / "key").write_text(key)
    return int(failed) or int(job_name in lost)


for directory in (store, caches, work / "clones"):
    directory.mkdir(parents=True, exist_ok=True)
for name, job in workflow["jobs"].items():
    needs = job.get("needs", [])
    needs = [needs] if isinstance(needs, str) else needs
    if not wanted(job.get("if"), any(results.get(need) != 0 for need in needs), {}):
        results[name] = None
        print(f"{name}: skipped")
        continue
    values = job.get("strategy", {}).get("matrix", {}).get("share", [None])
    codes = []
    for value in values:
        more = {} if value is None else {"matrix.share": value, "strategy.job-total": len(values)}
        more |= {f"needs.{need}.result": "success" if results.get(need) == 0 else "failure" for need in needs}
        codes.append(execute(name if value is None else f"{name}-{value}", job, more))
    results[name] = next((code for code in codes if code != 0), 0)
    print(f"{name}: {results[name]}")
sys.exit(results[name] or 0)
