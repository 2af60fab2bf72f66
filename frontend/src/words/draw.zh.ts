/** Drawing on a form's map in 简体中文. Refuses nothing: this table names the keys that English must have. */

export const drawZh = {
  "draw.open": "在地图上绘制",
  "draw.close": "收起地图",
  "draw.map": "绘制范围的地图",
  "draw.tools": "绘制工具",
  "draw.draw": "画面",
  "draw.draw.hint": "单击落点，双击或回车完成；靠近界址点和边界时自动捕捉；退格撤销一点。",
  "draw.take": "取整宗",
  "draw.take.hint": "单击宗地取用整宗，再次单击去掉。",
  "draw.modify": "修改",
  "draw.modify.hint": "拖动顶点或边界修改；按住 Alt 单击顶点删除。",
  "draw.guides": "虚线为可绘制的范围，斜线为已被占用的范围。",
  "draw.back": "撤销",
  "draw.clear": "清除",
  "draw.home": "定位",
  "draw.area": "{mu} 亩 · {m2} ㎡",
  "draw.none": "尚未绘制",
  "draw.parcels.far": "放大后可捕捉宗地界址点、取整宗。",
  "draw.parcels.failed": "宗地读取失败，暂不能捕捉；移动地图可重试。",
} as const;
