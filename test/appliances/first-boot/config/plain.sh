echo "SAID plain: $(cat /tmp/site/hello), $(stat -c '%a %U:%G' /tmp/site/hello), $(cat /run/site/there)"
