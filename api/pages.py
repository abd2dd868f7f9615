"""The reads as HTML."""

from fastapi import APIRouter

from api.desk import House


def pages(house: House) -> APIRouter:  # noqa: ARG001
    return APIRouter()
