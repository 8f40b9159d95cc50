#!/usr/bin/env bash
# Installs the packages of PROJECT into DIR/node_modules, where they are not there yet: install_modules.sh PROJECT DIR
set -euo pipefail

project=$(cd "$1" && pwd)
mkdir -p "$2"
cd "$2"
if ! cmp -s "$project/package-lock.json" node_modules/.installed; then
  cp "$project"/{package.json,package-lock.json,.npmrc} .
  npm ci
  # npm 9 makes no link for a program of an optional package.
  for node in node_modules/node-linux-*; do
    [ ! -d "$node" ] || ln -sf "../${node#node_modules/}/bin/node" node_modules/.bin/node
  done
  cp package-lock.json node_modules/.installed
fi
ls node_modules/.bin
