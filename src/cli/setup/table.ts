import { type Place, places } from "../completion/places.ts";
import { COMMANDS } from "./main.ts";

/**
 * What can be typed, of all programs. The build works this out beforehand and puts in the result alone: a TAB then loads a table, and
 * not the commands of three programs.
 */
export function table(): readonly Place[] {
  return places(COMMANDS);
}
