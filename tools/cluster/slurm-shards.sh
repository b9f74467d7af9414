#!/usr/bin/env bash
#SBATCH --job-name=provlab
#SBATCH --array=1-8
#SBATCH --cpus-per-task=4
#SBATCH --mem=4G
#SBATCH --time=01:00:00
#SBATCH --output=provlab-%A-%a.log
# A suite and a soak in as many shards as the array has tasks. Slurm's CPU mask says how many threads there are.
#
#   sbatch tools/cluster/slurm-shards.sh
#   sbatch --array=0-99 --export=ALL,SUITE=my-scenarios,RESULTS=/shared/results tools/cluster/slurm-shards.sh
set -u
suite=${SUITE:-scenarios} runs=${SOAK_RUNS:-1000000} results=${RESULTS:-build/results}
mkdir -p -- "$results" || exit 2

provlab run "$suite" --quiet --json "$results/suite-$SLURM_ARRAY_TASK_ID.json"
suite_code=$?
provlab soak --runs "$runs" --out "$results/found" --json "$results/soak-$SLURM_ARRAY_TASK_ID.json"
soak_code=$?
# 1 is a verdict, which the report gives. Anything else fails this shard, too.
((suite_code <= 1 && soak_code <= 1))
