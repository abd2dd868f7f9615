"""`make bench`: what the product promises of speed, measured beside others in the same run.

usage: bench.py [--docx FOLDER] [--mail FOLDER] [--only word,mail,words,compilation,pull,nothing-new,memory,serving]
"""

import argparse
from pathlib import Path

import bench_compile
import bench_pull
import bench_read
import bench_serving


def main() -> None:
    told = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    told.add_argument("--docx", type=Path, help="a folder of Word files instead of the sample's")
    told.add_argument("--mail", type=Path, help="a folder of mails instead of examples/")
    told.add_argument("--only", default="word,mail,words,compilation,pull,nothing-new,memory,serving")
    asked = told.parse_args()
    benches = {
        "word": lambda: bench_read.word_files(asked.docx),
        "mail": lambda: bench_read.mails(asked.mail),
        "words": bench_read.words,
        "compilation": bench_compile.compilation,
        "pull": bench_pull.pull,
        "nothing-new": bench_pull.nothing_new,
        "memory": bench_pull.memory,
        "serving": bench_serving.serving,
    }
    for name in asked.only.split(","):
        benches[name]()


if __name__ == "__main__":
    main()
