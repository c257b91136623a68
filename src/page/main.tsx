import { render } from "preact";
import { App } from "./app.tsx";
import { followLinks } from "./router.ts";
import { startClock } from "./state/clock.ts";
import { applyTheme } from "./state/theme.ts";

applyTheme();
followLinks();
startClock();
render(<App />, document.getElementById("page")!);
