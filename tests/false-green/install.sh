#!/usr/bin/env bash
# Installs the project's packages into DIR/node_modules, where they are not there yet: install.sh DIR
set -euo pipefail

project=$(cd "$(dirname "${BASH_SOURCE[0]}")/project" && pwd)
mkdir -p "$1"
cd "$1"
if ! cmp -s "$project/package-lock.json" node_modules/.installed; then
  cp "$project"/{package.json,package-lock.json,.npmrc} .
  npm ci
  # npm 9 makes no link for a program of an optional package.
  ln -sf ../"$(cd node_modules && echo node-linux-*)"/bin/node node_modules/.bin/node
  cp package-lock.json node_modules/.installed
fi
node_modules/.bin/node --version
