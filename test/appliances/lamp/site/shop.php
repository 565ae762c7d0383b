<?php
$access = parse_ini_file('/etc/shop.ini');
$database = new mysqli('localhost', 'shop', $access['password'], 'shop');
foreach ($database->query('select name from items order by name') as $row) {
    echo $row['name'], "\n";
}
