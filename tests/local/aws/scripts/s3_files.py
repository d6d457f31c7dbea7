"""Upload a file with a progress callback and in parts, and have it back.

After https://docs.aws.amazon.com/boto3/latest/guide/s3-uploading-files.html, s3-file-transfer-config.html and
s3-downloading-files.html, in our own words
"""

import os
import sys
import threading

import boto3
from boto3.s3.transfer import TransferConfig

MB = 1024**2


class ProgressPercentage:
    """Prints how far an upload is; called from several threads."""

    def __init__(self, filename):
        self._filename = filename
        self._size = float(os.path.getsize(filename))  # noqa: PTH202 - as the guide has it
        self._seen_so_far = 0
        self._lock = threading.Lock()

    def __call__(self, bytes_amount):
        with self._lock:
            self._seen_so_far += bytes_amount
            percentage = (self._seen_so_far / self._size) * 100
            sys.stdout.write(f"\r{self._filename}  {self._seen_so_far} / {self._size}  ({percentage:.2f}%)")
            sys.stdout.flush()


bucket, file_name = sys.argv[1:3]
s3 = boto3.client("s3")
extra = {"Metadata": {"mykey": "myvalue"}}
config = TransferConfig(multipart_threshold=5 * MB, max_concurrency=5)
s3.upload_file(
    file_name, bucket, "folder/object", ExtraArgs=extra, Callback=ProgressPercentage(file_name), Config=config
)
with open(file_name, "rb") as f:  # noqa: PTH123
    s3.upload_fileobj(f, bucket, "object")
s3.download_file(bucket, "folder/object", "downloaded")
with open("downloaded-2", "wb") as f:  # noqa: PTH123
    s3.download_fileobj(bucket, "object", f)
print(s3.head_object(Bucket=bucket, Key="folder/object")["Metadata"])
