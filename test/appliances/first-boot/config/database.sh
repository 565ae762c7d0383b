#!/bin/sh
# Needs the database server that a package has brought, and what a person's shell has.
set -eu
mariadb --execute='create database shop; create table shop.items (name text); insert into shop.items values ("tea")'
echo "SAID database: $(mariadb --skip-column-names --execute='select name from shop.items') $HOME $USER $(id -un)"
