import { enter } from "./edge/enter.ts";

enter(() => import("./broker/main.ts"), {});
