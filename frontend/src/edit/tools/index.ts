/** The tools in the order of their keys. Refuses a tool without a key. */

import { adjustTool } from "./adjust";
import { boundaryTool } from "./boundary";
import { drawTool } from "./draw";
import { holeTool } from "./hole";
import { measureTool } from "./measure";
import { mergeTool } from "./merge";
import { pickTool } from "./pick";
import { splitTool } from "./split";
import { subdivideTool } from "./subdivide";
import type { EditToolId, ToolKind } from "./tool";
import { verticesTool } from "./vertices";

export const TOOLS: readonly ToolKind[] = [
  pickTool,
  drawTool,
  verticesTool,
  boundaryTool,
  splitTool,
  mergeTool,
  subdivideTool,
  holeTool,
  measureTool,
  adjustTool,
];

export const toolKind = (id: EditToolId): ToolKind => TOOLS.find((tool) => tool.id === id) ?? pickTool;
