#!/bin/sh
# The shop's database, with a password that this machine alone has.
set -eu
password="$(openssl rand -hex 16)"
mariadb << SQL
create database shop;
create table shop.items (name text);
insert into shop.items values ('tea'), ('coffee');
create user shop@localhost identified by '$password';
grant select on shop.* to shop@localhost;
SQL
install -m 640 -g www-data /dev/null /etc/shop.ini
echo "password = $password" > /etc/shop.ini
