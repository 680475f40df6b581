"""Recording, listing and playing scripts over HTTP, for the drawer."""

import asyncio
from typing import Any

from aiohttp import web

from app.simulator.config import SimulatorConfig
from app.simulator.json_pages import ROOT, Body, json_answer, json_page
from app.simulator.phones import Impossible
from app.simulator.scripts.folder import Listed, list_scripts, save_script, written
from app.simulator.scripts.phone_line import PhoneLine, PhoneRefused
from app.simulator.scripts.playing import Player, ScriptFailed
from app.simulator.scripts.reading import load_script
from app.simulator.scripts.recording import Recorder
from app.simulator.scripts.script import BadScript


class ScriptPages:
    """`scripts` and `recording`."""

    def __init__(self, config: SimulatorConfig, recorder: Recorder) -> None:
        self._folder = config.scripts_folder
        self._recorder = recorder

    def routes(self) -> list[web.RouteDef]:
        """List, text and play; begin, look at, end and give up a recording."""
        return [
            web.get(f"{ROOT}/scripts", json_page(self._list)),
            web.get(ROOT + "/scripts/{place}/{file}", self._text),
            web.post(ROOT + "/scripts/{place}/{file}/play", self._play),
            web.get(f"{ROOT}/recording", json_page(self._show)),
            web.post(f"{ROOT}/recording", json_page(self._start)),
            web.delete(f"{ROOT}/recording", json_page(self._give_up)),
            web.post(f"{ROOT}/recording/end", json_page(self._end)),
        ]

    def _list(self, request: web.Request, body: Body) -> Any:
        return {
            "scripts": [
                {"place": each.place, "file": each.path.name, "name": each.name}
                | {"about": each.about, "fault": each.fault}
                for each in list_scripts(self._folder)
            ]
        }

    async def _text(self, request: web.Request) -> web.StreamResponse:
        listed = self._find(request)
        return web.Response(body=listed.path.read_bytes(), content_type="application/yaml", charset="utf-8")

    async def _play(self, request: web.Request) -> web.StreamResponse:
        """Play on this simulator, with new people; the answer comes when it is over."""
        listed = self._find(request)
        url = f"{request.scheme}://{request.host}"
        people: list[str] = []
        failure = await asyncio.to_thread(_play, listed, url, people)
        return json_answer({"is_as_expected": failure == "", "failure": failure, "people": people})

    def _find(self, request: web.Request) -> Listed:
        wanted = (request.match_info["place"], request.match_info["file"])
        for listed in list_scripts(self._folder):
            if (listed.place, listed.path.name) == wanted:
                return listed
        raise web.HTTPNotFound

    def _show(self, request: web.Request, body: Body) -> Any:
        return {"is_recording": self._recorder.is_recording, "steps": len(self._recorder.steps)}

    def _start(self, request: web.Request, body: Body) -> Any:
        self._recorder.start()
        return self._show(request, body)

    def _give_up(self, request: web.Request, body: Body) -> Any:
        self._recorder.stop()
        return self._show(request, body)

    def _end(self, request: web.Request, body: Body) -> Any:
        """`{name}`: the recording as YAML, kept in the folder if there is one."""
        if not self._recorder.steps:
            raise Impossible("nothing has been recorded")
        self._recorder.stop()
        script = self._recorder.script(str(body.get("name") or "script"), str(body.get("about", "")))
        file = save_script(self._folder, script).name if self._folder is not None else None
        return {"file": file, "yaml": written(script)}


def _play(listed: Listed, url: str, people: list[str]) -> str:
    """What went wrong; empty when all was as expected. `people` gets the ids of who was in it."""
    try:
        with PhoneLine(url) as line:
            player = Player(line, load_script(listed.path))
            try:
                player.play()
            finally:
                people.extend(player.people())
    except (BadScript, ScriptFailed, PhoneRefused) as error:
        return str(error)
    return ""
