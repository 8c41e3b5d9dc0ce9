import { enter } from "./edge/enter.ts";

enter(() => import("./setup/main.ts"));
