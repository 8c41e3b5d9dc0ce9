import { enter } from "./enter.ts";

enter(() => import("./setup-main.ts"));
