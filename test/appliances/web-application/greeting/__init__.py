import sys


def greet(word):
    return f"{word} from {sys.prefix}\n"
