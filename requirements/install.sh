#!/usr/bin/env bash
# Makes the two Python environments, each once per content of its pinned, hashed requirement file.
#   .venv      Python 3.11-3.12  the application       (with --dev also what tests and checks need)
#   .venv-nlu  Python 3.10       Rasa 3.6.21, the understanding process
# uv is used where it is found and fetched into .uv/ where it is not. Running it again costs a second.
set -euo pipefail
cd "$(dirname "$0")/.."

say() { printf '\033[2m· %s\033[0m\n' "$*" >&2; }

bootstrap_python() {
  # Any Python with venv can fetch uv; uv then finds or downloads the exact versions.
  for candidate in python3.12 python3.11 python3; do
    if "$candidate" -c 'import venv, sys; sys.exit(sys.version_info < (3, 8))' 2>/dev/null; then echo "$candidate"; return; fi
  done
  echo "缺少 Python：请先安装 Python 3.11 或 3.12（含 pip 与 venv），或安装 uv。" >&2; exit 1
}

find_uv() {
  if [ -x .uv/bin/uv ]; then echo "$PWD/.uv/bin/uv"; return; fi
  if command -v uv >/dev/null 2>&1 && uv --version >/dev/null 2>&1; then command -v uv; return; fi
  say "uv 不在，装到 .uv/"
  "$(bootstrap_python)" -m venv .uv
  .uv/bin/python -m pip install --quiet --require-hashes -r requirements/uv.txt >&2
  echo "$PWD/.uv/bin/uv"
}

app_python() {
  # 3.11 or 3.12, whichever is here; uv downloads 3.11 where neither is.
  for version in 3.12 3.11; do
    if "$UV" python find --no-python-downloads "$version" >/dev/null 2>&1; then echo "$version"; return; fi
  done
  echo 3.11
}

# make_environment FOLDER PYTHON REQUIREMENT_FILE...
make_environment() {
  local folder=$1 python=$2; shift 2
  local stamp; stamp=$(cat "$@" pyproject.toml requirements/install.sh | sha256sum | cut -d' ' -f1)
  if [ -x "$folder/bin/python" ] && [ "$(cat "$folder/.stamp" 2>/dev/null)" = "$stamp" ]; then return; fi
  say "准备 $folder（Python $python）"
  if ! "$folder/bin/python" -c "import sys; sys.exit('%d.%d' % sys.version_info[:2] != '$python')" 2>/dev/null; then
    "$UV" venv --quiet --clear --python "$python" "$folder"
  fi
  "$UV" pip sync --quiet --require-hashes --python "$folder/bin/python" "$@"
  if [ "$folder" = .venv ]; then
    "$UV" pip install --quiet --no-deps --no-build-isolation --python "$folder/bin/python" --editable .
  fi
  echo "$stamp" > "$folder/.stamp"
}

UV=$(find_uv)
if [ "${1:-}" = --dev ]; then touch .venv-dev; fi
files=(requirements/app.txt)
if [ -e .venv-dev ]; then files+=(requirements/dev.txt); fi
make_environment .venv "$(app_python)" "${files[@]}"
make_environment .venv-nlu 3.10 requirements/nlu.txt
