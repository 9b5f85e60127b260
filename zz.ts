import { run } from "lib/run/run.ts";
import { findExperiments } from "lib/experiment/find.ts";
for (const e of await findExperiments("table1")) { const t=performance.now(); let last=0; const r=await run(e,{data:"megc2019-flow"},{dataRoot:"../shared", onProgress:(p)=>{ if(performance.now()-last>20000){last=performance.now();console.log(e.id,p.done,p.total,p.running,Math.round(p.secondsLeft??-1));}}}); console.log(e.id,r.file,r.damaged,((performance.now()-t)/1000).toFixed(0)+" s"); }
